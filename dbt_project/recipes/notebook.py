"""The published tables in ten cells: what is in them, what may be summed, who says so, and how it is known.

`make notebook` opens it; `python dbt_project/recipes/notebook.py` runs it without a browser. It reads the
published file and writes nothing. Every chart is one query: copy the cell that is nearest to your question.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Frontline")


@app.cell
def opened():
    import altair as alt
    import marimo as mo

    from ingest.settings import published_path
    from ingest.warehouse.connection import connect

    # `resolve` keeps to one publication while a run swaps in the next.
    file = published_path().resolve()
    connection = connect(file, read_only=True)

    def ask(query, *values):
        """Return the rows of a query by column name; days as ISO text, which charts and tables both read."""
        found = connection.execute(query, list(values))
        names = [column[0] for column in found.description]
        return [
            {
                name: value.isoformat() if hasattr(value, "isoformat") else value
                for name, value in zip(names, row, strict=True)
            }
            for row in found.fetchall()
        ]

    def chart(query, *values, height=220):
        """Return an Altair chart of a query's rows. Null is left out by Vega: the text beside says so."""
        return alt.Chart(alt.Data(values=ask(query, *values))).properties(width="container", height=height)

    above = alt.Legend(orient="top", title=None, columns=4, symbolLimit=12)
    return above, alt, ask, chart, file, mo


@app.cell
def what_is_in_it(ask, file, mo):
    tables = ask(
        """
        select table_name as "table", estimated_size as "rows", comment as "one row"
        from duckdb_tables() where schema_name = 'marts' order by 1
        """
    )
    mo.vstack(
        [
            mo.md(
                f"""
                # Frontline

                `{file.parent.name}`. Claims are what articles say; events are what claims together support. Only
                `fct_casualty_events` and `fct_reinforcement_groups` may be summed. Tolls and claims never may: they
                overlap. Read the quote before you use a number.
                """
            ),
            mo.ui.table(tables, selection=None, page_size=10, label="The tables"),
        ]
    )
    return


@app.cell
def deaths_by_month(above, alt, chart, mo):
    deaths = chart(
        """
        select date_trunc('month', date_start) as month,
            case when is_civilian then 'civilians' else 'others, or not known' end as people,
            sum(count_low)::bigint as low
        from marts.fct_casualty_events where harm = 'killed' and date_start is not null
        group by all order by all
        """
    )
    mo.vstack(
        [
            mo.md(
                """
                ## Deaths in incidents, by month

                The least that reports support (`count_low`), which may be summed; incidents without a date are left
                out, and so are running tolls.
                """
            ),
            deaths.mark_bar().encode(
                x=alt.X("yearmonth(month):T", title="month"),
                y=alt.Y("sum(low):Q", title="killed, at least"),
                color=alt.Color("people:N", legend=above),
                tooltip=["yearmonth(month):T", "people:N", "low:Q"],
            ),
        ]
    )
    return (deaths,)


@app.cell
def tolls_by_claimant(above, alt, chart, mo):
    tolls = chart(
        """
        select coalesce(c.name, t.claimant_id, 'not named') || ', ' || coalesce(p.name, 'place not known') as who,
            t.victim, t.toll_low as low, coalesce(t.toll_high, t.toll_high_stated) as high, t.toll_best as best,
            t.is_open_high as is_open, t.as_of
        from marts.fct_casualty_tolls as t
        left join marts.dim_claimant as c using (claimant_id)
        left join marts.dim_place as p using (place_id)
        where t.harm = 'killed' and t.is_latest and coalesce(t.toll_low, t.toll_high, t.toll_high_stated) is not null
        order by coalesce(t.toll_low, t.toll_high) desc limit 15
        """,
        height=320,
    )
    rows = tolls.encode(y=alt.Y("who:N", sort="-x", title=None))
    mo.vstack(
        [
            mo.md(
                """
                ## Tolls of the dead, by claimant

                The latest toll of each claimant. They count the same people: compare them, never add them up.
                """
            ),
            rows.mark_rule(strokeWidth=3).encode(
                x=alt.X(
                    "low:Q",
                    scale=alt.Scale(type="symlog"),
                    axis=alt.Axis(tickCount=6, format="~s"),
                    title="killed so far",
                ),
                x2="high:Q",
            )
            + rows.mark_point(filled=True, size=70).encode(
                x="low:Q",
                color=alt.Color("victim:N", legend=above),
                tooltip=["who:N", "low:Q", "best:Q", "high:Q", "as_of:T"],
            ),
        ]
    )
    return (tolls,)


@app.cell
def who_speaks(above, alt, chart, mo):
    voices = chart(
        """
        select coalesce(c.claimant_kind, 'the article''s own voice') as speaker, s.status, count(*) as claims
        from (
            select claimant_id, status from marts.fct_casualties where is_current
            union all select claimant_id, status from marts.fct_reinforcements where is_current
            union all select claimant_id, status from marts.fct_territorial_changes where is_current
        ) as s
        left join marts.dim_claimant as c using (claimant_id)
        group by all order by all
        """
    )
    mo.vstack(
        [
            mo.md("## Who speaks\n\nClaims by the kind of who makes them, and by their status."),
            voices.mark_bar().encode(
                x=alt.X("claims:Q"),
                y=alt.Y("speaker:N", sort="-x", title=None),
                color=alt.Color("status:N", legend=above),
                tooltip=["speaker:N", "status:N", "claims:Q"],
            ),
        ]
    )
    return (voices,)


@app.cell
def how_sure(above, alt, chart, mo):
    grades = chart(
        """
        select 'casualties' as kind, grade, count(distinct event_id) as events
        from marts.fct_casualty_events group by all
        union all
        select 'reinforcements', grade, count(*) from marts.fct_reinforcement_events group by all
        union all
        select 'changes of territory', grade, count(*) from marts.fct_territorial_change_events group by all
        order by all
        """
    )
    mo.vstack(
        [
            mo.md(
                """
                ## How sure

                Events by grade: *confirmed* by the side that loses by it, *fair* with independent claimants, *weak*
                with one, *contested* where somebody denies it.
                """
            ),
            grades.mark_bar().encode(
                x=alt.X("events:Q", stack="normalize", axis=alt.Axis(format="%"), title="share of events"),
                y=alt.Y("kind:N", title=None),
                color=alt.Color(
                    "grade:N",
                    legend=above,
                    scale=alt.Scale(
                        domain=["confirmed", "fair", "weak", "contested"],
                        range=["#1a7f5a", "#7fb8a4", "#d8c48f", "#b5493d"],
                    ),
                ),
                tooltip=["kind:N", "grade:N", "events:Q"],
            ),
        ]
    )
    return (grades,)


@app.cell
def who_held_what(above, alt, chart, mo):
    control = chart(
        """
        with reported as (
            select c.*, coalesce(p.name, c.place_id) as place, count(*) over (partition by c.place_id) as intervals
            from marts.fct_place_control as c left join marts.dim_place as p using (place_id)
            where c.state = 'control' and c.known_to is null and c.valid_from is not null
        )
        select place, coalesce(holder_id, 'contested: ' || array_to_string(contenders, ', ')) as holder, basis, grade,
            valid_from, coalesce(valid_to, last_reported_on, valid_from) as valid_to
        from reported
        where place_id in (select place_id from reported group by all order by max(intervals) desc, place_id limit 15)
        order by all
        """,
        height=320,
    )
    mo.vstack(
        [
            mo.md(
                """
                ## Who held what, as it is known now

                The places that changed hands most. An interval that is still open is drawn up to its last report.
                """
            ),
            control.mark_bar(height=9).encode(
                x=alt.X("valid_from:T", title=None),
                x2="valid_to:T",
                y=alt.Y("place:N", title=None),
                color=alt.Color("holder:N", legend=above),
                tooltip=["place:N", "holder:N", "valid_from:T", "valid_to:T", "basis:N", "grade:N"],
            ),
        ]
    )
    return (control,)


@app.cell
def reinforcements_by_week(above, alt, chart, mo):
    forces = chart(
        """
        select g.week_start as week, coalesce(g.actor_side, 'side not known') as side,
            sum(g.count_low)::bigint as low, sum(coalesce(g.count_high, g.count_high_stated))::bigint as high
        from marts.fct_reinforcement_groups as g
        where g.week_start is not null and g.count_low is not null
        group by all order by all
        """
    )
    weeks = forces.encode(
        x=alt.X("week:T", title="week"),
        color=alt.Color("side:N", legend=above),
        tooltip=["week:T", "side:N", "low:Q", "high:Q"],
    )
    mo.vstack(
        [
            mo.md(
                """
                ## Reinforcements by week

                Between the greatest single report and the sum of those that may overlap; weeks without a number are
                left out.
                """
            ),
            weeks.mark_rule(strokeWidth=4).encode(
                y=alt.Y("low:Q", title="people sent, least to most"), y2="high:Q"
            )
            + weeks.mark_point(filled=True, size=30).encode(y="low:Q"),
        ]
    )
    return (forces,)


@app.cell
def where_it_happened(alt, chart, mo):
    places = chart(
        """
        select p.name as place, p.longitude, p.latitude, count(distinct e.event_id) as events
        from (
            select event_id, place_id from marts.fct_casualty_events
            union all select event_id, place_id from marts.fct_territorial_change_events
            union all select event_id, destination_id from marts.fct_reinforcement_events
        ) as e
        join marts.dim_place as p using (place_id)
        where p.latitude is not null and p.longitude is not null
        group by all order by events desc, place limit 1000
        """,
        height=320,
    )
    mo.vstack(
        [
            mo.md(
                """
                ## Where

                Events by place, degrees of longitude and latitude. Places without coordinates are not drawn; the
                layers for a real map lie in `published/current/geojson/`.
                """
            ),
            places.mark_circle(opacity=0.6).encode(
                x=alt.X("longitude:Q", scale=alt.Scale(zero=False)),
                y=alt.Y("latitude:Q", scale=alt.Scale(zero=False)),
                size=alt.Size("events:Q"),
                tooltip=["place:N", "events:Q"],
            ),
        ]
    )
    return (places,)


@app.cell
def choose_an_event(ask, mo):
    claims_by_event = ask(
        """
        select b.event_id, b.kind, count(*) as claims, min(coalesce(p.name, 'place not known')) as place
        from marts.bridge_event_claims as b
        left join (
            select event_id, place_id from marts.fct_casualty_events
            union select event_id, place_id from marts.fct_territorial_change_events
            union select event_id, destination_id from marts.fct_reinforcement_events
        ) as e using (event_id)
        left join marts.dim_place as p using (place_id)
        group by all order by claims desc, b.event_id limit 50
        """
    )
    event = mo.ui.dropdown(
        {
            f"{row['kind']} in {row['place']}: {row['claims']} claims, {row['event_id'][:8]}": row["event_id"]
            for row in claims_by_event
        },
        value=None,
        label="An event",
    )
    mo.vstack(
        [mo.md("## The evidence behind a figure\n\nChoose an event to see the words it rests on."), event]
    )
    return claims_by_event, event


@app.cell
def evidence(ask, claims_by_event, event, mo):
    chosen = event.value or (claims_by_event[0]["event_id"] if claims_by_event else None)
    words = ask(
        """
        select b.relation, b.is_standing, c.status, coalesce(c.claimant_id, c.outlet_id) as said_by, c.date_start,
            c.quote, a.title, a.url, b.match_reason
        from marts.bridge_event_claims as b
        join (
            select claim_id, article_id, status, claimant_id, outlet_id, date_start, quote from marts.fct_casualties
            union all select claim_id, article_id, status, claimant_id, outlet_id, date_start, quote
            from marts.fct_reinforcements
            union all select claim_id, article_id, status, claimant_id, outlet_id, date_start, quote
            from marts.fct_territorial_changes
        ) as c using (claim_id)
        left join marts.dim_article as a using (article_id)
        where b.event_id = ? order by c.date_start nulls last, c.quote
        """,
        chosen,
    )
    mo.ui.table(words, selection=None, label="What was said")
    return (words,)


@app.cell
def what_changed_since(above, alt, chart, mo):
    revisions = chart(
        """
        select known_from as day, reason, count(*) as revisions
        from marts.fct_revisions group by all order by all
        """
    )
    mo.vstack(
        [
            mo.md(
                """
                ## What we changed our mind about

                Nothing is overwritten in silence: revisions by the day from which they are known, and why.
                """
            ),
            revisions.mark_bar().encode(
                x=alt.X("yearmonth(day):T", title="known from"),
                y=alt.Y("sum(revisions):Q", title="attributes revised"),
                color=alt.Color("reason:N", legend=above),
                tooltip=["yearmonth(day):T", "reason:N", "sum(revisions):Q"],
            ),
        ]
    )
    return (revisions,)


if __name__ == "__main__":
    app.run()
