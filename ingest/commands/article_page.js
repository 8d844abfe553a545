// Points from a claim to its words and back. It reads data attributes only and writes nothing but class names.
const parts = [...document.querySelectorAll("[data-claims]")];
const light = (numbers, on) => {
  for (const part of parts) {
    const shared = part.dataset.claims.split(" ").some((number) => numbers.includes(number));
    if (shared) part.classList.toggle("on", on);
  }
};
for (const part of parts) {
  const numbers = part.dataset.claims.split(" ");
  part.addEventListener("mouseenter", () => light(numbers, true));
  part.addEventListener("mouseleave", () => light(numbers, false));
}
