-- The rules as they stand: a hash of the SQL of all models and macros, comments and white space aside. DuckDB reads the
-- files itself, from the project folder, where every dbt runs.
select left(sha256(string_agg(regexp_replace(content, '--[^\n]*|\s+', ' ', 'g'), '|' order by filename)), 12) as rules_version
from
    read_text([
        'macros/*.sql', 'models/staging/*.sql', 'models/intermediate/*/*.sql', 'models/marts/claims/*.sql',
        'models/marts/control/*.sql', 'models/marts/events/*.sql'
    ])
