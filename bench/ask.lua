-- What wrk sends, and how it reports. BENCH_QUERY names the file with the query; with BENCH_DISTINCT set, each
-- request names its operation differently, so that no answer, document or plan kept from another can serve it.

local file = assert(io.open(os.getenv("BENCH_QUERY")))
local query = file:read("*a"):gsub("%s+", " ")
file:close()
local distinct = os.getenv("BENCH_DISTINCT")
local run, count = os.time(), 0

local function body(name)
  return string.format('{"query":"query %s %s"}', name, query)
end

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json"
wrk.body = body("Services")

if distinct then
  function request()
    count = count + 1
    return wrk.format(nil, nil, nil, body("Services_" .. run .. "_" .. count))
  end
end

-- One line: requests per second, milliseconds at the median and the 99th percentile, failures.
function done(summary, latency)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("measured %.1f %.2f %.2f %d\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, failures))
end
