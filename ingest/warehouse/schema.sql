-- The raw layer: what landed, what it says, what was read out of it. Written by ingest.warehouse alone.
-- Keys are hashes of content. change_number is a position in a log, not a key.
-- A change of this file goes with a file in migrations/ that makes the same of the version before.
create schema if not exists raw;

create table if not exists raw.documents (
    landing_id varchar primary key,           -- hash of document_id, sha256 and metadata
    document_id varchar not null,             -- canonical address, else the source's own id, else content hash
    source_id varchar not null,
    outlet varchar,
    url varchar,
    path varchar,                             -- within the source, never a path of a machine
    media_type varchar not null,
    content blob not null,
    sha256 varchar not null,
    size_bytes bigint not null,
    is_archive boolean not null,
    metadata json not null,                   -- what stood beside the bytes, as text values
    landed_on date not null,                  -- the UTC day on which this version first landed
    landed_at timestamp not null
);

create table if not exists raw.articles (
    article_id varchar primary key,           -- hash of document_id and white-space-folded text
    landing_id varchar not null,              -- the latest landing that gave this text
    document_id varchar not null,
    source_id varchar not null,
    outlet varchar,
    url varchar,
    title varchar,
    text varchar not null,                    -- what every quote offset refers to
    language varchar,                         -- ISO 639-1
    published_at timestamp,
    published_on date,                        -- the calendar day of published_at where it was published
    published_basis varchar not null,         -- metadata, dateline, none
    updated_at timestamp,
    landed_on date not null,
    landed_at timestamp not null,
    known_on date not null,                   -- landed_on, or the day of publication for an archive (rule 2)
    content_hash varchar not null,            -- of the folded text alone: exact copies share it
    signature uinteger[],                     -- MinHash of the words; null for texts too short to have near copies
    story_id varchar not null                 -- shared by copies of one report; of a merger the older one's
);

-- Where near copies are looked for: articles that share a band of their signatures are compared. 32 rows an
-- article, and no key: its index would outgrow the memory long before the tables do.
create table if not exists raw.story_bands (
    band ubigint not null,
    article_id varchar not null,
    day date                                  -- of published_at: a look for copies passes over all other weeks
);

create table if not exists raw.claims (
    claim_id varchar not null,
    article_id varchar not null,
    extractor_version varchar not null,       -- hash of rules and lexicon that read it
    position integer not null,                -- order within the article
    kind varchar not null,
    status varchar not null,
    claimant varchar,
    claimant_text varchar,
    quote varchar not null,
    quote_start integer not null,
    quote_end integer not null,
    date_start date,
    date_end date,
    date_text varchar,
    date_prec integer,
    date_basis varchar not null,
    date_conflict boolean not null,
    confidence double not null,
    rule varchar not null,
    detail json not null,                     -- the kind's own columns
    primary key (claim_id, extractor_version)
);

create table if not exists raw.rejects (
    reject_id varchar primary key,
    source_id varchar not null,
    location varchar not null,
    reason_code varchar not null,
    reason varchar not null,
    sha256 varchar,
    landing_id varchar,                       -- of the kept bytes, where the document landed but could not be read
    landed_on date not null,
    landed_at timestamp not null
);

-- Tombstones: documents that were taken out by hand and do not land again.
create table if not exists raw.forgotten (
    document_id varchar primary key,
    forgotten_on date not null,
    reason varchar
);

create table if not exists raw.changes (
    change_number bigint primary key,         -- position in the log; models remember how far they have read
    change_id varchar not null unique,        -- hash of article_id, change, landing_id, extractor_version
    article_id varchar not null,
    document_id varchar not null,
    change varchar not null,                  -- loaded, read, withdrawn
    landing_id varchar,                       -- the landing that was loaded, or whose article was read
    extractor_version varchar,                -- of a 'read'; the latest read of an article is its current one
    claims integer,                           -- found by a 'read'
    changed_on date not null
);

-- Addresses that were asked before: by what to ask whether they have changed, and whether it is worth asking.
create table if not exists raw.visits (
    source_id varchar not null,
    address varchar not null,                 -- on the web; of a folder, a file's path within it
    status integer not null,                  -- of the last answer: 200, 304, 404, ...; 0 for a file
    visited_at timestamp not null,
    etag varchar,
    last_modified varchar,
    marker varchar,                           -- hash of what the feed or sitemap said of it; of a file, of its stamp
    retry_at timestamp,                       -- the server does not want to be asked before
    is_refused boolean not null,              -- what came was no document; a reject says why
    primary key (source_id, address)
);

-- The versions of this schema that the file has been brought to; v0.1.0 had no such table and is version 1.
create table if not exists raw.schema_versions (
    version integer primary key
);
