-- A suspended API key is refused until it is reinstated.
alter table "api_keys" add column "suspended_at" timestamptz(3);
