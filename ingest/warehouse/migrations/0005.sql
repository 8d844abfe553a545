-- Version 5: bands beside the day of publication, in its order. Copies are looked for within two weeks of it: what is
-- older is passed over by the bounds that DuckDB keeps of each part of the table.
create table raw.story_bands_by_day (
    band ubigint not null,
    article_id varchar not null,
    day date
);
insert into raw.story_bands_by_day
select b.band, b.article_id, a.published_at::date as day
from raw.story_bands as b left join raw.articles as a on a.article_id = b.article_id
order by day;
drop table raw.story_bands;
alter table raw.story_bands_by_day rename to story_bands;
