-- The journal of a catalogue that several gateways share. Run this once as an owner of the database, and again after
-- an upgrade. A gateway whose role may create a schema runs it by itself. Afterwards a gateway needs only:
--
--   grant usage on schema oruk to <role>;
--   grant select, insert, update, delete on all tables in schema oruk to <role>;

select pg_advisory_xact_lock(6571947031);

create schema if not exists oruk;

-- The version of these tables. Releases that need another version refuse to use them.
create table if not exists oruk.format (
  one    boolean primary key default true check (one),
  number integer not null
);

-- The catalogue: its generation, and the privacy rules under which its records were read.
create table if not exists oruk.catalogue (
  one        boolean primary key default true check (one),
  generation uuid not null,
  rules      text not null
);

-- The gateway that reads the publishers. The epoch rises whenever another one takes over.
create table if not exists oruk.lease (
  one    boolean primary key default true check (one),
  holder uuid not null,
  epoch  bigint not null,
  until  timestamptz not null
);

-- The steps. Every gateway applies them to its copy in the order of their numbers.
create table if not exists oruk.step (
  number bigint primary key,
  epoch  bigint not null,
  id     uuid not null,
  chain  bytea not null,
  at     timestamptz not null default now(),
  bytes  bytea not null
);
-- Steps are already compressed.
alter table oruk.step alter bytes set storage external;

-- Steps that a snapshot has replaced in the last 30 days. From these, a gateway that was away can tell whether the
-- journal has lost steps since.
create table if not exists oruk.passed (
  number bigint primary key,
  chain  bytea not null,
  at     timestamptz not null default now()
);

-- Snapshots of the complete catalogue, for gateways without a copy.
create table if not exists oruk.snapshot (
  step  bigint primary key,
  chain bytea not null,
  parts integer not null,
  bytes bigint not null,
  at    timestamptz not null default now()
);

create table if not exists oruk.part (
  step  bigint,
  part  integer,
  bytes bytea not null,
  primary key (step, part)
);
alter table oruk.part alter bytes set storage external;

-- The gateways that share the catalogue.
create table if not exists oruk.member (
  id      uuid primary key,
  name    text not null,
  seen_at timestamptz not null,
  applied bigint not null,
  release text not null,
  format  integer not null,
  rules   text not null
);

insert into oruk.format (number) values (1) on conflict do nothing;
