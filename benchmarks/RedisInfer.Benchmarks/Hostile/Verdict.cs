namespace RedisInfer.Benchmarks.Hostile;

/// <summary>What became of an input.</summary>
internal enum Verdict
{
    /// <summary>It was used. Most hostile inputs are unusual, but not wrong.</summary>
    Accepted,

    /// <summary>It was refused with an error that says what is wrong and where.</summary>
    Refused,

    /// <summary>It was refused with another error, or accepted with a wrong result.</summary>
    Unclear,

    /// <summary>It took too long.</summary>
    Hang,

    /// <summary>It ended the process.</summary>
    Death,
}
