-- The template appended to every table: run after each migration, for every table of the schema, so that a table cannot
-- be forgotten. A table it has not seen yet is closed to the application's role, since only this file grants anything.
-- Raise `edition` when the template changes; it is then laid over the existing tables again.
do $template$
declare
  edition constant text := 'castellan-2';
  operator constant text := '''00000000-0000-0000-0000-000000000000''';
  append_only constant text[] := array['audit_log', 'events', 'policy_versions', 'policy_schemas'];
  tab record;
begin
  if not exists (select from pg_roles where rolname = 'castellan_app') then
    create role castellan_app nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls;
    execute format('grant castellan_app to %I', current_user);
  end if;
  execute format('grant usage on schema %I to castellan_app', current_schema());

  for tab in
    select c.oid::regclass as name, c.relname, c.oid
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relname <> '_prisma_migrations'
      and not exists (
        select from pg_policy p
        where p.polrelid = c.oid and p.polname = 'tenant' and c.relforcerowsecurity
          and obj_description(p.oid, 'pg_policy') = edition)
  loop
    execute format('alter table %s enable row level security', tab.name);
    execute format('alter table %s force row level security', tab.name);
    execute format('drop policy if exists tenant on %s', tab.name);
    execute format('drop policy if exists operator on %s', tab.name);

    if tab.relname = 'tenants' then
      -- A tenant sees its own row; the operator sees and writes all of them.
      execute format('create policy tenant on %s for select using (id = app_tenant())', tab.name);
      execute format('create policy operator on %s using (app_tenant() = %s)', tab.name, operator);
    else
      execute format('create policy tenant on %s using (tenant_id = app_tenant()) with check (tenant_id = app_tenant())', tab.name);
    end if;
    if tab.relname = 'oidc_issuers' then
      -- Who signs in is asked before the tenant is known: the issuer tells the tenant.
      execute format('create policy operator on %s for select using (app_tenant() = %s)', tab.name, operator);
    end if;
    execute format('comment on policy tenant on %s is %L', tab.name, edition);

    -- A tenant that the statistics do not know is taken for one without rows; a fifth of a large table is many tenants.
    execute format('alter table %s set (autovacuum_analyze_scale_factor = 0.02)', tab.name);

    execute format('revoke all on %s from public, castellan_app', tab.name);
    if tab.relname = any (append_only) then
      execute format('grant select, insert on %s to castellan_app', tab.name);
    else
      execute format('grant select, insert, update, delete on %s to castellan_app', tab.name);
    end if;

    execute format('drop trigger if exists touch on %s', tab.name);
    if exists (select from pg_attribute where attrelid = tab.oid and attname = 'version' and not attisdropped) then
      execute format('create trigger touch before update on %s for each row execute function touch()', tab.name);
    end if;
  end loop;

  -- So that a server that may not migrate can see whether somebody has.
  if to_regclass('_prisma_migrations') is not null then
    grant select on _prisma_migrations to castellan_app;
  end if;
end
$template$;
