"""A real Chromium without a window, driven by Debian's chromedriver: what a person would see of a page.

Screenshots go to the folder that FRONTLINE_SCREENSHOTS names, which CI keeps, or into the test's own.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 240
"""Seconds until a page is given up: not a measure of speed, the machine may be busy."""
WIDTH, TALLEST = 1500, 4500
ARGUMENTS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-dev-shm-usage "
    "--disable-background-networking --disable-component-update --disable-sync"
)
Found = TypeVar("Found")


@contextmanager
def chromium(profile: Path) -> Iterator[webdriver.Chrome]:
    """Open Chromium with a new profile, and close it. Fails, naming it, where it is not installed."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    driver = shutil.which("chromedriver")
    if not (browser and driver):
        pytest.fail(
            "This test needs Chromium and its driver; on Debian: apt-get install chromium chromium-driver"
        )
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for argument in (*ARGUMENTS.split(), f"--user-data-dir={profile}", f"--window-size={WIDTH},1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    found = webdriver.Chrome(options=options, service=Service(driver))
    try:
        found.set_page_load_timeout(PATIENCE)
        found.set_script_timeout(PATIENCE)
        yield found
    finally:
        found.quit()


def wait_for(browser: webdriver.Chrome, what: str, look: Callable[[], Found]) -> Found:
    """Return what `look` finds as soon as it finds anything. Fails saying what was not there."""

    def try_again(_: webdriver.Chrome) -> Found | bool:
        try:
            return look()
        except StaleElementReferenceException:
            return False

    try:
        return WebDriverWait(browser, PATIENCE, 0.3).until(try_again)  # type: ignore[return-value]
    except TimeoutException:
        text = browser.find_element(By.TAG_NAME, "body").text[:2000]
        raise AssertionError(
            f"{what}: not on the page at {browser.current_url}, which says:\n{text}"
        ) from None


def find(browser: webdriver.Chrome | WebElement, selector: str) -> list[WebElement]:
    """Return the elements that a CSS selector names."""
    return browser.find_elements(By.CSS_SELECTOR, selector)


def show_all(browser: webdriver.Chrome) -> None:
    """Make the window as tall as the page, so that nothing waits to be scrolled to."""
    height = browser.execute_script(
        "return Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollHeight))"
    )
    browser.set_window_size(WIDTH, min(int(height) + 100, TALLEST))


def keep_screenshot(browser: webdriver.Chrome, name: str, otherwise: Path) -> Path:
    """Save what the window shows as NAME.png."""
    folder = Path(os.environ.get("FRONTLINE_SCREENSHOTS") or otherwise)
    folder.mkdir(parents=True, exist_ok=True)
    time.sleep(1.5)  # charts are drawn with an animation
    target = folder / f"{name}.png"
    with suppress(OSError):
        target.unlink()
    assert browser.save_screenshot(str(target))
    return target


def complaints(browser: webdriver.Chrome) -> list[str]:
    """Return the errors that the page has logged since it was last asked."""
    return [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
