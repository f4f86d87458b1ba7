#!/usr/bin/env node
// Runs three gateways that share one catalogue through PostgreSQL, under load, and causes one disaster after another.
// After each, all three must give the same answers. Prints Markdown. Fails if a query failed, or if they never agree.
//
//   cargo build --release && node bench/replicas.mjs [--rounds 20] [--feeds 40] [--services 100] [--pause 60] [--down 120]
//
// Needs Node 20 and PostgreSQL's server programs. Everything listens on loopback. Each client of the load acts like a
// load balancer: it skips gateways that are not ready, and tries another one if there is no response. A query has failed
// if no gateway answers it, or if one answers with an error.

import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

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
const DIALECTS = ['oruk-3', 'hsds-3', 'oruk-1', 'placecube-1', 'outpost', 'open-sessions']
const ANSWERED_WITHIN = 3000
const AGREED_WITHIN = 180_000

const scratch = mkdtempSync(join(tmpdir(), 'oruk-replicas-'))
const running = new Set()
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

function start(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  running.add(child)
  child.said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (child.said = (child.said + text).slice(-20_000)))
  child.gone = new Promise((resolve) => child.on('exit', () => (running.delete(child), resolve())))
  return child
}

async function until(what, within, isSo) {
  for (const began = Date.now(); Date.now() - began < within; await sleep(200)) {
    const found = await isSo()
    if (found) return found
  }
  throw new Error(`${what}: not within ${within / 1000} s`)
}

// ---- PostgreSQL, with a separate wire for each gateway

function serverAccount() {
  if (process.getuid() !== 0) return {}
  const [, , uid, gid] = readFileSync('/etc/passwd', 'utf8').match(/^postgres:.*$/m)[0].split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

class Postgres {
  constructor(port) {
    this.port = port
    this.account = serverAccount()
    const versions = readdirSync('/usr/lib/postgresql').sort((one, other) => other - one)
    this.programs = `/usr/lib/postgresql/${versions[0]}/bin`
    this.directory = mkdtempSync(join(tmpdir(), 'oruk-postgres-'))
    if (this.account.uid) chownSync(this.directory, this.account.uid, this.account.gid)
    this.run('initdb', ['--auth=trust', '--username', 'postgres', '--encoding=UTF8', '--locale=C', '-D', this.data])
  }

  get data() {
    return join(this.directory, 'data')
  }

  run(program, args) {
    const environment = { ...process.env, LC_ALL: 'C', HOME: this.directory }
    const options = { ...this.account, cwd: this.directory, encoding: 'utf8', env: environment }
    const ended = spawnSync(join(this.programs, program), args, options)
    if (ended.status !== 0) throw new Error(`${program}: ${ended.stderr}`)
    return ended.stdout.trim()
  }

  async start() {
    const args = ['-p', this.port, '-D', this.data, '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=']
    this.server = start(join(this.programs, 'postgres'), args, { ...this.account, cwd: this.directory })
    await until('PostgreSQL starts', 30_000, () => this.server.said.includes('ready to accept connections'))
  }

  async stop() {
    this.server.kill('SIGQUIT')
    await this.server.gone
  }

  sql(text) {
    const place = ['-h', '127.0.0.1', '-p', this.port, '-U', 'postgres', '-d', 'postgres']
    return this.run('psql', [...place, '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', text])
  }
}

/** Forwards connections to a port. While it is cut, it forwards nothing and accepts no connections. */
class Wire {
  constructor(port) {
    this.isCut = false
    this.pairs = new Set()
    this.server = net.createServer((client) => {
      if (this.isCut) return client.destroy()
      const server = net.connect(port, '127.0.0.1')
      const pair = [client, server]
      this.pairs.add(pair)
      client.pipe(server).pipe(client)
      for (const end of pair) {
        end.on('error', () => {})
        end.on('close', () => (pair.forEach((other) => other.destroy()), this.pairs.delete(pair)))
      }
    })
  }

  listen() {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve(this.server.address().port)))
  }

  /** Stops forwarding without closing connections, as if a plug were pulled. */
  cut() {
    this.isCut = true
    for (const [client, server] of this.pairs) {
      client.unpipe(server)
      server.unpipe(client)
    }
  }

  mend() {
    this.isCut = false
    for (const pair of this.pairs) pair.forEach((end) => end.destroy())
  }
}

// ---- Feeds, behind a proxy that records requests

/** The requests to each feed: when, and from which gateway. */
const asked = Array.from({ length: feedCount }, () => [])

function countingProxy(feed, port) {
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer((request, response) => {
    asked[feed].push({ at: Date.now(), gateway: Number(request.headers['x-gateway']) })
    const { method, url: path, headers } = request
    const onward = http.request({ host: '127.0.0.1', port: port(), method, path, headers, agent }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)))
}

class Feed {
  constructor(number) {
    this.number = number
    this.services = services
  }

  async start() {
    const dialect = DIALECTS[this.number % DIALECTS.length]
    const size = ['--services', String(this.services), '--seed', String(this.number)]
    this.process = start(values.gateway, ['demo-feed', '--dialect', dialect, ...size, '--listen', '127.0.0.1:0'])
    const address = await until('a feed starts', 30_000, () => this.process.said.match(/127\.0\.0\.1:(\d+)/))
    this.port = Number(address[1])
  }

  /** Restarts the feed with three more services. */
  async grow() {
    this.process.kill()
    await this.process.gone
    this.services += 3
    await this.start()
  }
}

// ---- Gateways

class Gateway {
  constructor(number, wire, wirePort, port, feedPorts) {
    Object.assign(this, { number, wire, port, isPaused: false })
    const sources = feedPorts.map((feed, at) =>
      `[[sources]]\nkey = "feed-${at}"\nurl = "http://127.0.0.1:${feed}"\nheaders = { x-gateway = "${number}" }\n`)
    this.configuration = join(scratch, `gateway-${number}.toml`)
    writeFileSync(this.configuration, `[server]
listen = "127.0.0.1:${port}"
[catalogue]
directory = "${join(scratch, `catalogue-${number}`)}"
sync_every = "20s"
journal = "postgres://postgres@127.0.0.1:${wirePort}/postgres"
replica_name = "gateway-${number}"
[defaults]
requests_per_second = 50
probe_every = "0s"
${sources.join('')}`)
  }

  /** From its next start on, the gateway has a catalogue of its own. */
  keepAlone() {
    const text = readFileSync(this.configuration, 'utf8')
    const apart = text.replace(/^journal = .*$/m, '').replace(/catalogue-\d/, 'catalogue-alone')
    writeFileSync(this.configuration, apart)
  }

  start() {
    this.process = start(values.gateway, ['serve', '--config', this.configuration, '--log', 'warn'])
  }

  async kill() {
    this.process.kill('SIGKILL')
    await this.process.gone
  }

  async pause(seconds) {
    this.process.kill('SIGSTOP')
    await sleep(seconds * 1000)
    this.process.kill('SIGCONT')
  }

  async get(path) {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, { signal: AbortSignal.timeout(ANSWERED_WITHIN) })
    return { status: response.status, text: await response.text() }
  }

  async query(text) {
    const body = JSON.stringify({ query: text })
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(ANSWERED_WITHIN)
    const response = await fetch(`http://127.0.0.1:${this.port}/graphql`, { method: 'POST', headers, body, signal })
    return { status: response.status, text: await response.text() }
  }

  async role() {
    const answer = await this.query('{ meta { replica { role } } }').catch(() => null)
    return answer && JSON.parse(answer.text).data?.meta.replica.role
  }

  /** Returns the answer that all gateways must give once they have caught up. */
  async all() {
    const pages = ['', ', orderBy: { field: LAST_MODIFIED, direction: DESC }'].map((order, at) =>
      `p${at}: services(first: 50${order}) { totalCount nodes { id name organization { name } } }`)
    const text = `{ meta { dataVersion } organizations { totalCount } locations { totalCount }
      changes(first: 100) { nodes { kind recordId } pageInfo { endCursor } } ${pages.join(' ')} }`
    return (await this.query(text)).text
  }
}

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

/** Waits until all gateways give the same answer, with another version of the data than `version`. */
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

/** Returns the longest time, in seconds, for which the requests of two gateways to one feed overlapped. */
function longestOverlap() {
  let longest = 0
  for (const requests of asked) {
    for (let at = 1; at < requests.length; at++) {
      // A gateway that another had taken over from sends requests again: how long after the takeover?
      const relieved = requests[at - 1].gateway !== requests[at].gateway
      const before = requests.slice(0, at).findLast((request) => request.gateway === requests[at].gateway)
      if (relieved && before) {
        const between = requests.slice(requests.indexOf(before) + 1, at)
        const overlap = requests[at].at - between[0].at
        if (requests[at].at - before.at < 20_000) longest = Math.max(longest, overlap)
      }
    }
  }
  return longest / 1000
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
  const feeds = Array.from({ length: feedCount }, (_, number) => new Feed(number))
  for (const feed of feeds) await feed.start()
  const feedPorts = await Promise.all(feeds.map((feed, number) => countingProxy(number, () => feed.port)))
  const gateways = []
  for (const number of GATEWAYS) {
    const wire = new Wire(postgres.port)
    gateways.push(new Gateway(number, wire, await wire.listen(), ports[number], feedPorts))
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

function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

let isWell = false
try {
  isWell = await main()
} catch (error) {
  console.error(error)
} finally {
  for (const child of running) {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
  }
  await sleep(500)
  rmSync(scratch, { recursive: true, force: true })
}
process.exit(isWell ? 0 : 1)
