"""The kernels' calculations as SQL relations, for graphs that no single machine can hold."""
