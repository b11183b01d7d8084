using System.Runtime.CompilerServices;

// Every declaration for llama.cpp is blittable: C sees exactly what is written in the struct, and the runtime converts nothing (a C bool
// is a byte here).
[assembly: DisableRuntimeMarshalling]
