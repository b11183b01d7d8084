namespace RedisInfer.Llama.Gguf;

/// <summary>Name, type and place of one tensor.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Elements along each dimension, fastest first.</param>
/// <param name="Type">Its <c>ggml_type</c>.</param>
/// <param name="Offset">Bytes from the start of the data section.</param>
internal sealed record GgufTensor(string Name, long[] Shape, uint Type, ulong Offset);
