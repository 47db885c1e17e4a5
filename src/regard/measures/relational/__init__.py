"""What kernels calculate on arrays, said as relations: for graphs that no machine holds by itself."""
