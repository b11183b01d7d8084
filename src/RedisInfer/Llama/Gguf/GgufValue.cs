namespace RedisInfer.Llama.Gguf;

/// <summary>One metadata value. Content that is not needed is left out.</summary>
/// <param name="Type">Its type.</param>
/// <param name="ElementType">For an array, the type of its elements.</param>
/// <param name="Count">For an array, the number of elements; 1 for a scalar.</param>
/// <param name="Integer">An integer or boolean scalar.</param>
/// <param name="Float">A floating-point scalar.</param>
/// <param name="Text">A string, unless it is longer than <see cref="GgufReader.MaxKeptTextBytes"/>.</param>
/// <param name="Integers">The elements of a short array of integers.</param>
/// <param name="Hash">XxHash128 of the value's bytes in the file.</param>
internal sealed record GgufValue(
    GgufType Type,
    GgufType ElementType,
    long Count,
    long? Integer,
    double? Float,
    string? Text,
    long[]? Integers,
    UInt128 Hash);
