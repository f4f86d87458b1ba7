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

dofile("bench/report.lua")
