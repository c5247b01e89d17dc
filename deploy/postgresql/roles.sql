-- Who may do what in Peluit's database. Run it as a superuser, in that database, before the first migration and again
-- after each: psql -v ON_ERROR_STOP=1 -d peluit -f deploy/postgresql/roles.sql
--
-- It may be run at any time and as often as you like: it takes everything away and gives what stands here, in one
-- transaction. Three roles, see docs/decisions/0017-surfaces.md:
--   peluit_owner    owns the tables; migrates, and runs `peluit tick` at night. No server runs as this role.
--   peluit_desk     the officers' process.
--   peluit_channel  the public process: adds reports, and reads only what the receipt at hand opens.
-- Passwords are set apart from this file: \password peluit_desk

BEGIN;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['peluit_owner', 'peluit_desk', 'peluit_channel'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
            -- A server notes a refused statement with its time, and of a report that is sent twice that would be one.
            EXECUTE format('ALTER ROLE %I SET log_min_messages = fatal', name);
            EXECUTE format('ALTER ROLE %I SET log_min_error_statement = panic', name);
            EXECUTE format('ALTER ROLE %I SET log_statement = none', name);
            EXECUTE format('ALTER ROLE %I SET log_min_duration_statement = -1', name);
        END IF;
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC, peluit_desk, peluit_channel', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO peluit_desk, peluit_channel', current_database());
    EXECUTE format('GRANT CONNECT, CREATE, TEMPORARY ON DATABASE %I TO peluit_owner', current_database());
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC, peluit_desk, peluit_channel;
GRANT USAGE ON SCHEMA public TO peluit_desk, peluit_channel;
GRANT USAGE, CREATE ON SCHEMA public TO peluit_owner;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, peluit_desk, peluit_channel;

-- What follows is about tables, which the first migration makes.
DO $$
DECLARE
    line text[];
    policy record;
BEGIN
    IF to_regclass('public.manifest') IS NULL THEN
        RAISE NOTICE 'There are no tables yet: migrate as peluit_owner, then run this file again.';
        RETURN;
    END IF;
    FOR policy IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', policy.policyname, policy.tablename);
    END LOOP;

    -- Rights: role, table, what. A table that is not named here is nobody's but the owner's.
    FOREACH line SLICE 1 IN ARRAY ARRAY[
        -- The channel adds whole reports, and messages to a report; what it only adds it cannot read.
        ['peluit_channel', 'case', 'SELECT, INSERT, UPDATE (state, next_day)'],
        ['peluit_channel', 'reporter', 'SELECT, INSERT'],
        ['peluit_channel', 'entry', 'SELECT, INSERT'],
        ['peluit_channel', 'epoch', 'SELECT, INSERT'],
        ['peluit_channel', 'grant', 'SELECT, INSERT'],
        ['peluit_channel', 'identity', 'INSERT'],
        ['peluit_channel', 'summary', 'INSERT'],
        ['peluit_channel', 'leaf', 'INSERT'],
        ['peluit_channel', 'blob', 'INSERT'],
        ['peluit_channel', 'tombstone', 'SELECT'],
        ['peluit_channel', 'manifest', 'SELECT'],
        -- The desk changes what officers change. What is only ever added to it cannot change, and it removes no case.
        ['peluit_desk', 'case', 'SELECT, UPDATE (state, next_day, legal_hold)'],
        ['peluit_desk', 'reporter', 'SELECT'],
        ['peluit_desk', 'entry', 'SELECT, INSERT'],
        ['peluit_desk', 'epoch', 'SELECT, INSERT'],
        ['peluit_desk', 'grant', 'SELECT, INSERT, UPDATE (form, sealed)'],
        ['peluit_desk', 'identity', 'SELECT'],
        ['peluit_desk', 'summary', 'SELECT, INSERT, UPDATE (chain, epoch, sealed)'],
        ['peluit_desk', 'leaf', 'SELECT'],
        ['peluit_desk', 'placed', 'SELECT'],
        ['peluit_desk', 'blob', 'SELECT, INSERT'],
        -- The desk signs lists of what is to be deleted. It carries none out: only the owner, at night, deletes.
        ['peluit_desk', 'draft', 'SELECT, INSERT, DELETE'],
        ['peluit_desk', 'disposal', 'SELECT, INSERT'],
        ['peluit_desk', 'tombstone', 'SELECT'],
        ['peluit_desk', 'blob_tombstone', 'SELECT'],
        ['peluit_desk', 'manifest', 'SELECT, INSERT'],
        ['peluit_desk', 'manifest_names', 'SELECT, INSERT'],
        ['peluit_desk', 'audit', 'SELECT, INSERT'],
        ['peluit_desk', 'officer', 'SELECT, INSERT, UPDATE'],
        ['peluit_desk', 'invitation', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'enrolment', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'totp_reset', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'work', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'stale_grant', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'session', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'throttle', 'SELECT, INSERT, UPDATE, DELETE'],
        ['peluit_desk', 'counter', 'SELECT, INSERT, UPDATE'],
        ['peluit_desk', 'setting', 'SELECT'],
        ['peluit_desk', 'alembic_version', 'SELECT']
    ] LOOP
        IF to_regclass(format('public.%I', line[2])) IS NULL THEN
            RAISE NOTICE 'The table % is not there yet: migrate, then run this file again.', line[2];
        ELSE
            EXECUTE format('GRANT %s ON public.%I TO %I', line[3], line[2], line[1]);
        END IF;
    END LOOP;

    -- Which rows. For the channel a case is there only for a transaction that names the hash of its receipt's lookup
    -- id, which nobody has who does not have the receipt; what belongs to a case is there when the case is. Of that it
    -- sees the thread and the reporter's own grants. Line: table, what it sees, what it may add.
    FOREACH line SLICE 1 IN ARRAY ARRAY[
        ['case', '', ''],
        ['leaf', '', ''],
        ['reporter', 'TRUE', 'TRUE'],
        ['entry', 'chain = 1', 'chain = 1'],
        ['epoch', 'chain = 1', 'chain = 1 AND epoch = 0'],
        ['grant', 'chain = 1 AND reader = decode(repeat(''00'', 16), ''hex'')', 'chain IN (1, 3) AND epoch = 0'],
        ['identity', 'FALSE', 'TRUE'],
        ['summary', 'FALSE', 'chain = 1 AND epoch = 0'],
        ['tombstone', 'TRUE', 'FALSE']
    ] LOOP
        EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', line[1]);
        EXECUTE format('CREATE POLICY desk ON public.%I TO peluit_desk USING (TRUE) WITH CHECK (TRUE)', line[1]);
        IF line[1] = 'case' THEN
            EXECUTE $case$
                CREATE POLICY receipt ON public."case" TO peluit_channel
                    USING (lookup_hash = decode(coalesce(current_setting('peluit.receipt', TRUE), ''), 'hex'))
            $case$;
        ELSIF line[1] = 'leaf' THEN  -- which belongs to no case, so that nobody can tell whose it is
            CREATE POLICY receipt ON public.leaf FOR INSERT TO peluit_channel WITH CHECK (TRUE);
        ELSE
            EXECUTE format(
                'CREATE POLICY receipt ON public.%1$I TO peluit_channel USING (%2$s AND %4$s) WITH CHECK (%3$s AND %4$s)',
                line[1], line[2], line[3],
                format('EXISTS (SELECT FROM public."case" AS mine WHERE mine.id = %I."case")', line[1])
            );
        END IF;
    END LOOP;
END $$;

COMMIT;
