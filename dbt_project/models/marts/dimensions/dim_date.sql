with days as (
    select cast(unnest(generate_series(date '1990-01-01', date '2049-12-31', interval 1 day)) as date) as date_day
)

select
    date_day,
    cast(year(date_day) as integer) as year,
    cast(quarter(date_day) as integer) as quarter,
    cast(month(date_day) as integer) as month,
    cast(date_trunc('month', date_day) as date) as month_start,
    cast(day(date_day) as integer) as day_of_month,
    dayname(date_day) as day_name,
    cast(isoyear(date_day) as integer) as iso_year,
    cast(week(date_day) as integer) as iso_week,
    cast(date_trunc('week', date_day) as date) as iso_week_start,
    -- The week as Sunday-first countries count it.
    date_day - cast(dayofweek(date_day) as integer) as sunday_week_start
from days
