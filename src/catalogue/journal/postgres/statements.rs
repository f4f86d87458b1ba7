//! The SQL statements. Each operation is one statement, so it is atomic even through a pooler that assigns connections
//! by transaction.

/// Asks for the table that was added last.
pub(super) const HAS_SCHEMA: &str = "select to_regclass('oruk.passed') is not null";

pub(super) const FORMAT: &str = "select number from oruk.format";

/// Parameters: id, name, applied step, release, format, rules, whether the member may lead.
pub(super) const CLAIM: &str = "
with me as (
  insert into oruk.member (id, name, seen_at, applied, release, format, rules)
  values ($1, $2, now(), $3, $4, $5, $6)
  on conflict (id) do update set seen_at = now(), applied = excluded.applied),
gone as (delete from oruk.member where seen_at < now() - interval '1 day')
insert into oruk.lease as l (one, holder, epoch, until)
select true, $1, 1, now() + interval '15 seconds'
where $7 and (
  exists (select from oruk.lease where holder = $1)
  or not exists (
    select from oruk.member o
    where o.id <> $1 and o.seen_at > now() - interval '30 seconds'
      and (o.format < $5 or (o.rules <> $6 and $6 <> (select rules from oruk.catalogue)))))
on conflict (one) do update
set holder = excluded.holder, until = excluded.until, epoch = l.epoch + (l.holder <> excluded.holder)::int
where l.holder = excluded.holder or l.until < now()
returning epoch";

pub(super) const LEAVE: &str = "
with gone as (delete from oruk.member where id = $1)
update oruk.lease set until = now() - interval '1 second' where holder = $1";

/// Parameters: holder, epoch, generation, rules.
pub(super) const BEGIN: &str = "
with held as (select 1 from oruk.lease where holder = $1 and epoch = $2 for share),
had as (select 1 from oruk.catalogue),
steps as (delete from oruk.step where exists (select from held)),
passed as (delete from oruk.passed where exists (select from held)),
snapshots as (delete from oruk.snapshot where exists (select from held) and exists (select from had)),
parts as (delete from oruk.part where exists (select from held) and exists (select from had)),
begun as (
  insert into oruk.catalogue (one, generation, rules) select true, $3, $4 where exists (select from held)
  on conflict (one) do update set generation = excluded.generation, rules = excluded.rules
  returning 1)
select pg_notify('oruk_step', '') from begun";

/// Parameters: the generation to replace, the new generation.
pub(super) const REGENERATE: &str = "
with named as (update oruk.catalogue set generation = $2 where generation = $1 returning 1)
select pg_notify('oruk_step', '') from named";

/// Parameters: number, epoch, holder, id, chain before, chain, bytes. Returns whether the lease is held, and whether
/// the step was appended.
pub(super) const APPEND: &str = "
with held as (select 1 from oruk.lease where holder = $3 and epoch = $2 for share),
put as (
  insert into oruk.step (number, epoch, id, chain, bytes)
  select $1, $2, $4, $6, $7
  where exists (select from held) and exists (select from oruk.catalogue) and (
    ($1 = 1 and not exists (select from oruk.step))
    or exists (select from oruk.step where number = $1 - 1 and chain = $5)
    or exists (select from oruk.snapshot where step = $1 - 1 and chain = $5))
  returning number),
told as (select pg_notify('oruk_step', '') from put)
select exists (select from held), exists (select from put), (select count(*) from told)";

/// Parameters: the step before, the largest number of steps. Returns no further steps once those returned come to 32
/// MiB.
pub(super) const AFTER: &str = "
select (select generation from oruk.catalogue), (select rules from oruk.catalogue),
  greatest((select max(number) from oruk.step), (select max(step) from oruk.snapshot), 0),
  coalesce(
    (select chain from oruk.step where number = $1), (select chain from oruk.snapshot where step = $1),
    (select chain from oruk.passed where number = $1)),
  s.number, s.id, s.chain, s.bytes
from (select 1) one left join (
  select number, id, chain, bytes from (
    select *, sum(octet_length(bytes)) over (order by number) - octet_length(bytes) as before from (
      select number, id, chain, bytes from oruk.step where number > $1 order by number limit $2) next) few
  where before < 33554432) s on true
order by s.number";

pub(super) const SNAPSHOT: &str =
    "select step, chain, parts, bytes from oruk.snapshot order by step desc limit 1";

pub(super) const PART: &str = "select bytes from oruk.part where step = $1 and part = $2";

pub(super) const PUT_PART: &str = "
insert into oruk.part (step, part, bytes) values ($1, $2, $3)
on conflict (step, part) do update set bytes = excluded.bytes";

/// Parameters: holder, epoch, step, chain, parts, bytes.
pub(super) const COMPLETE: &str = "
with held as (
  select 1 from oruk.lease where holder = $1 and epoch = $2 and (
    $3 = 0
    or exists (select from oruk.step where number = $3 and chain = $4)
    or exists (select from oruk.snapshot where step = $3 and chain = $4))
  for share),
kept as (
  select step from (select step from oruk.snapshot union select $3) every
  where exists (select from held) order by step desc offset 1 limit 1),
snapshots as (delete from oruk.snapshot where step < (select step from kept)),
steps as (delete from oruk.step where number < (select step from kept) returning number, chain),
passed as (insert into oruk.passed (number, chain) select number, chain from steps on conflict do nothing),
old as (delete from oruk.passed where at < now() - interval '30 days'),
parts as (
  delete from oruk.part
  where step < (select step from kept) or (step = $3 and part >= $5 and exists (select from held)))
insert into oruk.snapshot (step, chain, parts, bytes) select $3, $4, $5, $6 where exists (select from held)
on conflict (step) do update set chain = excluded.chain, parts = excluded.parts, bytes = excluded.bytes
returning 1";

pub(super) const BYTES: &str = "
select coalesce((select bytes from oruk.snapshot order by step desc limit 1), 0),
  coalesce((
    select sum(octet_length(bytes))::bigint from oruk.step
    where number > coalesce((select max(step) from oruk.snapshot), 0)), 0)";

pub(super) const MEMBERS: &str = "
select id, name, applied, release, format, rules from oruk.member where seen_at > now() - interval '30 seconds'";
