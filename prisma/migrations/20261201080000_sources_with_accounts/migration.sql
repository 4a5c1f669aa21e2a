-- The registry looks for the source that lists an account.
create index sources_with_accounts on sources (tenant_id, id) where aws is not null;
