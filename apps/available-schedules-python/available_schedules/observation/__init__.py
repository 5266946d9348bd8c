"""What the outside can know of a request: counter, histogram, log line, request id, trace."""
