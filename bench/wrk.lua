-- Print the results as one line of JSON.
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\n',
        summary.requests, summary.duration / 1000000,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout
    ))
end
