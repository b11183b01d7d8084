namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Tensor encodings that the writer supports, numbered as in ggml's <c>enum ggml_type</c>.</summary>
public enum GgufTensorType : uint
{
    F32 = 0,
    F16 = 1,
    Q4_0 = 2,
    Q8_0 = 8,
}
