"""What a stage does with a shard, a module a stage: `make(job, store, watch)` reads its inputs and commits its result."""
