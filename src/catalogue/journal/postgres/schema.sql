-- The journal of a catalogue that several gateways keep together. Run once, as an owner of the database; a gateway whose
-- role may create a schema does it by itself. Afterwards a gateway needs no more than:
--
--   grant usage on schema oruk to <role>;
--   grant select, insert, update, delete on all tables in schema oruk to <role>;

select pg_advisory_xact_lock(6571947031);

create schema if not exists oruk;

-- Rises when the tables below change.
create table if not exists oruk.format (
  one    boolean primary key default true check (one),
  number integer not null
);

-- Which catalogue it is, and by which rules its records were read.
create table if not exists oruk.catalogue (
  one        boolean primary key default true check (one),
  generation uuid not null,
  rules      text not null
);

-- Which gateway reads the publishers. The epoch rises whenever that changes.
create table if not exists oruk.lease (
  one    boolean primary key default true check (one),
  holder uuid not null,
  epoch  bigint not null,
  until  timestamptz not null
);

-- What was decided, in its order.
create table if not exists oruk.step (
  number bigint primary key,
  epoch  bigint not null,
  id     uuid not null,
  chain  bytea not null,
  at     timestamptz not null default now(),
  bytes  bytea not null
);
-- It is compressed already.
alter table oruk.step alter bytes set storage external;

-- Complete snapshots, for newcomers.
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

-- Which gateways there are.
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
