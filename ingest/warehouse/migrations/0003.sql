-- Version 3: no key over raw.story_bands. An article has 32 rows there; an index over those of a million articles
-- took gigabytes at each batch, and the store looks what is there before it adds.
create table raw.story_bands_without_key (
    band varchar not null,
    article_id varchar not null
);
insert into raw.story_bands_without_key select band, article_id from raw.story_bands;
drop table raw.story_bands;
alter table raw.story_bands_without_key rename to story_bands;
