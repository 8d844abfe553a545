-- Version 4: bands as the numbers that they are. Those of a million articles are looked through at each batch.
create table raw.story_bands_in_numbers (
    band ubigint not null,
    article_id varchar not null
);
insert into raw.story_bands_in_numbers select ('0x' || band)::ubigint as band, article_id from raw.story_bands;
drop table raw.story_bands;
alter table raw.story_bands_in_numbers rename to story_bands;
