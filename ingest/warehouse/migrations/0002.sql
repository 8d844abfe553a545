-- After v0.1.0: addresses that were asked before, so that a source is asked for what is new alone.
create table raw.visits (
    source_id varchar not null,
    address varchar not null,
    status integer not null,
    visited_at timestamp not null,
    etag varchar,
    last_modified varchar,
    marker varchar,
    retry_at timestamp,
    is_refused boolean not null,
    primary key (source_id, address)
);
