namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>One place in a file that names a type of another file.</summary>
internal sealed record TypeReference(SourceFile From, SourceFile To, string TypeName, string Place);
