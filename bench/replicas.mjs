#!/usr/bin/env node
// Runs three gateways that share one catalogue through PostgreSQL, under load, and causes one disaster after another.
// After each, all three must give the same answers. Prints Markdown. Fails if a query failed, or if they never agree.
//
//   cargo build --release && node bench/replicas.mjs [--rounds 20] [--feeds 40] [--services 100] [--pause 60] [--down 120]
//
// Needs Node 20 and PostgreSQL's server programs. Everything listens on loopback. Each client of the load acts like a
// load balancer: it skips gateways that are not ready, and tries another one if there is no response. A query has failed
// if no gateway answers it, or if one answers with an error.

import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { Feed, asked, countingProxy, longestOverlap } from './replicas/feeds.mjs'
import { Gateway } from './replicas/gateway.mjs'
import { Postgres, Wire } from './replicas/postgres.mjs'
import { endAll, freePort, sleep, until } from './replicas/processes.mjs'

const option = (value) => ({ type: 'string', default: value })
const { values } = parseArgs({
  options: {
    gateway: option('target/release/oruk-gateway'),
    rounds: option('20'),
    feeds: option('40'),
    services: option('100'),
    pause: option('60'),
    down: option('120'),
    clients: option('3'),
  },
})
const [rounds, feedCount, services, pause, down, clients] =
  ['rounds', 'feeds', 'services', 'pause', 'down', 'clients'].map((name) => Number(values[name]))
const GATEWAYS = [0, 1, 2]
const AGREED_WITHIN = 180_000

// ---- Load

const counts = { answered: 0, retried: 0, failed: 0 }
/** The time until which a gateway that did not respond is skipped, as load balancers do. */
const leftOutUntil = [0, 0, 0]
const LEFT_OUT_FOR = 5000
const failures = []

async function keepAsking(gateways, client, stopping) {
  for (let number = 0; !stopping.aborted; number++) {
    const text = `query q${client}x${number} { services(first: 10, filter: { text: "${['help', 'club', 'advice', 'care'][number % 4]}" }) {
      totalCount nodes { id name } } sources { status } }`
    let reason
    let isAnswered = false
    for (let attempt = 0; attempt < GATEWAYS.length * 2 && !isAnswered; attempt++) {
      const gateway = gateways[(client + number + attempt) % GATEWAYS.length]
      const isLastResort = attempt >= GATEWAYS.length
      try {
        if (!isLastResort && Date.now() < leftOutUntil[gateway.number]) continue
        if (!isLastResort && (await gateway.get('/health/ready')).status !== 200) continue
        const answer = await gateway.query(text)
        const { data, errors } = JSON.parse(answer.text)
        isAnswered = answer.status === 200 && !errors && data.services.totalCount > 0
        // A wrong answer counts as a failure, even if another gateway would give a right one.
        if (!isAnswered) {
          reason = `gateway ${gateway.number}: ${answer.text.slice(0, 300)}`
          break
        }
      } catch (error) {
        counts.retried++
        leftOutUntil[gateway.number] = Date.now() + LEFT_OUT_FOR
        reason = `gateway ${gateway.number}: ${error}`
      }
    }
    if (isAnswered) counts.answered++
    else {
      counts.failed++
      failures.push(reason)
    }
    await sleep(20)
  }
}

// ---- Disasters

const disasters = {
  async 'leader killed'({ leader }) {
    await leader.kill()
    await sleep(25_000)
    leader.start()
  },
  async 'leader paused'({ leader }) {
    await leader.pause(pause)
  },
  async 'leader cut off'({ leader }) {
    leader.wire.cut()
    await sleep(pause * 1000)
    leader.wire.mend()
  },
  async 'PostgreSQL stopped'({ postgres }) {
    await postgres.stop()
    await sleep(down * 1000)
    await postgres.start()
  },
  async 'follower killed'({ followers }) {
    await followers[0].kill()
    await sleep(5000)
    followers[0].start()
  },
  async 'leader killed, PostgreSQL stopped meanwhile'({ leader, postgres }) {
    await leader.kill()
    await postgres.stop()
    await sleep(30_000)
    leader.start()
    await sleep(5000)
    await postgres.start()
  },
}

async function leaderAmong(gateways) {
  return until('one leads', 60_000, async () => {
    const roles = await Promise.all(gateways.map((gateway) => gateway.role()))
    return roles.filter((role) => role === 'LEADER').length === 1 && gateways[roles.indexOf('LEADER')]
  })
}

/** Waits until all gateways give the same answer and their data version is no longer `version`. */
async function untilAlike(gateways, version) {
  let answers = []
  await until('all answer alike', AGREED_WITHIN, async () => {
    answers = await Promise.all(gateways.map((gateway) => gateway.all().catch((error) => String(error))))
    const areAlike = answers.every((answer) => answer === answers[0] && answer.startsWith('{"data"'))
    return areAlike && JSON.parse(answers[0]).data.meta.dataVersion !== version
  }).catch((error) => {
    throw new Error(`${error.message}\n${answers.map((answer) => answer.slice(0, 400)).join('\n')}`)
  })
}

async function requestsIn(seconds) {
  const before = asked.flat().length
  await sleep(seconds * 1000)
  return asked.flat().length - before
}

const COUNTERS = `
create table written (what text primary key, bytes bigint not null);
insert into written values ('step', 0), ('part', 0);
create function count_written() returns trigger language plpgsql as $$ begin
  update written set bytes = bytes + octet_length(new.bytes) where what = tg_table_name; return null; end $$;
create trigger count_steps after insert on oruk.step for each row execute function count_written();
create trigger count_parts after insert or update on oruk.part for each row execute function count_written();`

async function main() {
  const ports = await Promise.all(GATEWAYS.concat(3).map(freePort))
  const postgres = new Postgres(ports.pop())
  await postgres.start()
  const feeds = Array.from({ length: feedCount }, (_, number) => new Feed(values.gateway, number, services))
  for (const feed of feeds) await feed.start()
  const feedPorts = await Promise.all(feeds.map((feed, number) => countingProxy(number, () => feed.port)))
  const gateways = []
  for (const number of GATEWAYS) {
    const wire = new Wire(postgres.port)
    const gateway = new Gateway(values.gateway, number, await wire.listen(), ports[number], feedPorts)
    gateways.push(Object.assign(gateway, { wire }))
  }
  const schema = spawnSync(values.gateway, ['journal', 'schema'], { encoding: 'utf8' }).stdout
  postgres.sql(`${schema}; ${COUNTERS}`)
  const lsn = postgres.sql('select pg_current_wal_lsn()')
  for (const gateway of gateways) gateway.start()
  await until('everything is read', 600_000, async () => {
    const answer = await gateways[2].query('{ sources { status } services { totalCount } }').catch(() => null)
    const data = answer && JSON.parse(answer.text).data
    return data?.services?.totalCount > 0 && data.sources.every((source) => source.status === 'FRESH')
  })
  await untilAlike(gateways)
  const first = asked.reduce((sum, requests) => sum + requests.length, 0)
  console.error(`level: ${first} requests to the feeds so far`)

  const stopping = new AbortController()
  const asking = Array.from({ length: clients }, (_, client) => keepAsking(gateways, client, stopping.signal))
  console.log(`| round | what happened | level again, with what changed meanwhile, after | answered | retried elsewhere | failed |\n|---|---|---|---|---|---|`)
  for (let round = 0; round < rounds; round++) {
    const leader = await leaderAmong(gateways)
    const followers = gateways.filter((gateway) => gateway !== leader)
    const name = Object.keys(disasters)[round % Object.keys(disasters).length]
    const before = { ...counts }
    const version = JSON.parse(await leader.all()).data.meta.dataVersion
    const growing = feeds.filter((feed) => feed.number % 10 === round % 10)
    for (const feed of growing) await feed.grow()
    await disasters[name]({ leader, followers, postgres })
    const over = Date.now()
    await untilAlike(gateways, version)
    const taken = ((Date.now() - over) / 1000).toFixed(1)
    const [answered, retried, failed] = ['answered', 'retried', 'failed'].map((key) => counts[key] - before[key])
    console.log(`| ${round + 1} | ${name} | ${taken} s | ${answered} | ${retried} | ${failed} |`)
  }
  stopping.abort()
  await Promise.all(asking)

  const together = await requestsIn(60)
  for (const gateway of gateways) await gateway.kill()
  const alone = gateways[0]
  alone.keepAlone()
  alone.start()
  await until('everything is read again', 600_000, async () => {
    const answer = await alone.query('{ sources { status } }').catch(() => null)
    return answer && JSON.parse(answer.text).data.sources.every((source) => source.status === 'FRESH')
  })
  await sleep(30_000)
  const single = await requestsIn(60)

  const written = Object.fromEntries(postgres.sql('select what, bytes from written').split('\n').map((line) => line.split('|')))
  const wal = Number(postgres.sql(`select pg_current_wal_lsn() - '${lsn}'::pg_lsn`))
  const mib = (bytes) => `${(Number(bytes) / 1048576).toFixed(1)} MiB`
  const requests = asked.flat().length
  console.log(`
- Queries: ${counts.answered} answered, ${counts.failed} failed; ${counts.retried} attempts had no answer and were made elsewhere.
- Requests to the feeds: ${requests}. In a quiet minute ${together}, and ${single} of one gateway without a journal. Longest time in which two gateways asked one feed: ${longestOverlap().toFixed(1)} s.
- Journal: ${mib(written.step)} of steps and ${mib(written.part)} of snapshots written, ${((Number(written.step) + Number(written.part)) / Number(written.step)).toFixed(2)} bytes for each byte of a step; ${mib(wal)} of PostgreSQL's own log.`)
  for (const reason of failures.slice(0, 10)) console.log(`- failed: ${reason}`)
  for (const gateway of gateways) {
    const odd = gateway.process.said.split('\n').filter((line) => /ERROR|panicked/.test(line))
    if (odd.length) console.log(`- gateway ${gateway.number}:\n${odd.slice(-5).join('\n')}`)
  }
  return counts.failed === 0
}

let isWell = false
try {
  isWell = await main()
} catch (error) {
  console.error(error)
} finally {
  await endAll()
}
process.exit(isWell ? 0 : 1)
