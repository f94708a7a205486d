"""Makes the read models anew from the log, beside the running service, and compares them or puts them in place."""
