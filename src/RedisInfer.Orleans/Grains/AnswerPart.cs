namespace RedisInfer.Orleans.Grains;

/// <summary>What one silo sends another of an answer. Without anything in it, it is a sign of life.</summary>
[GenerateSerializer, Immutable, Alias("redisinfer.part")]
internal sealed class AnswerPart
{
    /// <summary>A sign of life.</summary>
    public static AnswerPart Alive { get; } = new();

    /// <summary>Name of the silo. In the first part only.</summary>
    [Id(0)]
    public string? Host { get; init; }

    /// <summary>A piece of the answer, as <see cref="Answering.HandoffFormat"/> writes it.</summary>
    [Id(1)]
    public byte[]? Update { get; init; }

    /// <summary>Why there is no answer.</summary>
    [Id(2)]
    public string? Problem { get; init; }

    /// <summary>The <see cref="Errors.RedisInferErrorCode"/> of the problem; <see langword="null"/>: an argument is wrong.</summary>
    [Id(3)]
    public int? Code { get; init; }
}
