"""What tests allow for whichever machine they run on."""

#: No machine is so busy that what is right takes longer; who waits for what is wrong waits so long.
SECONDS = 300.0

#: One worker process for each processor, times as many programs as tests start at once, would be
#: more than a large machine has memory for.
WORKERS = "2"
