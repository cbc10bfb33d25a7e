"""Many measurements, beyond one run and beyond one machine.

A *batch* is work (something that measures) and a list of *tasks*: partitions of origins x departure windows x
scenarios with stable ids. An *executor* runs the tasks in threads, processes or on a Dask cluster, always through the
same two calls; each finished task is one Parquet file of the output folder. The *store* writes files whole or not at
all, keeps a journal with a hash of each, and resumes after a kill at any moment: finished files are verified and kept.

Terms: *parcel*, the work as one file that every worker of a machine maps into memory, so that a network is shipped and
held once; *part*, the Parquet bytes of one task; *journal*, the parts finished so far; *manifest*, all of them.

The bytes of a part depend on the work and the task only, never on the executor, the number of workers or the order.

What does not belong here: scenarios, places, readings (the study builds the work), and anything that is drawn.
"""
