-- The row of a grant keeps the JSON of what only a write changes: a list copies it, where each reader would make it anew
-- from twenty columns. The expression is the `kept` of the grants' projection; a spec holds the two together. Who changes it
-- replaces the function and writes the column anew, as below.

create function grant_written(t grants) returns text
language sql stable parallel safe
as $$
  select concat(
      '{"id":', coalesce('"' || t.id || '"', 'null'),
      ',"request_id":', coalesce('"' || t.request_id || '"', 'null'), ',"grantee_id":', coalesce('"' || t.grantee_id || '"', 'null'),
      ',"resource":', concat('{"type":', coalesce(to_json(t.resource_type), 'null'), ',"id":', coalesce(to_json(t.resource_id), 'null'), '}'),
      ',"action":', coalesce(to_json(t.action), 'null'),
      ',"expires_at":', coalesce('"' || wire_time(t.expires_at) || '"', 'null'), ',"granted_at":', coalesce('"' || wire_time(t.granted_at) || '"', 'null'),
      ',"revoked_at":', coalesce('"' || wire_time(t.revoked_at) || '"', 'null'), ',"metadata":', coalesce(t.metadata::text, 'null'),
      ',"created_at":', coalesce('"' || wire_time(t.created_at) || '"', 'null'), ',"updated_at":', coalesce('"' || wire_time(t.updated_at) || '"', 'null'),
      ',"entitlement_id":', coalesce('"' || t.entitlement_id || '"', 'null'), ',"access_profile_id":', coalesce('"' || t.access_profile_id || '"', 'null'),
      ',"external_id":', coalesce(to_json(t.external_id), 'null'), ',"provisioning_status":', coalesce(to_json(t.provisioning_status), 'null'),
      ',"starts_at":', coalesce('"' || wire_time(t.starts_at) || '"', 'null'), ',"revoke":', coalesce(t.revoke::text, 'null'),
      ',"extension":', concat('{"count":', coalesce(to_json(t.extension_count), 'null'), ',"remaining":', coalesce(to_json(t.extension_limit - t.extension_count), 'null'), ',"until":', coalesce('"' || wire_time(t.extension_until) || '"', 'null'), '}'),
      ',"timeline":', coalesce(t.timeline::text, 'null'), ',"version":', coalesce(to_json(t.version), 'null')
    )
$$;

create function write_grant() returns trigger
language plpgsql
as $$
begin
  new.written := grant_written(new);
  return new;
end
$$;

alter table grants add column "written" TEXT NOT NULL DEFAULT '';
alter table grants alter column written type text using grant_written(grants);

-- After the trigger `touch`, which counts the version: triggers run in the order of their names.
create trigger written before insert or update on grants for each row execute function write_grant();
-- However the row comes, replicated ones included.
alter table grants enable always trigger written;

-- The same moment as before, for a third of the price: rounding to the column's precision looks up no unit and no zone.
create or replace function app_now() returns timestamptz
language sql stable parallel safe
as $$ select (statement_timestamp() - interval '500 microseconds')::timestamptz(3) $$;
