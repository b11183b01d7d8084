using System.Runtime.CompilerServices;

// Every declaration towards llama.cpp is blittable: what is written in the struct is what C sees, and nothing is converted
// behind our back (a C bool is a byte here).
[assembly: DisableRuntimeMarshalling]
