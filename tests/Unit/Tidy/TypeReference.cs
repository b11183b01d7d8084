namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>One file's mention of a type that another file declares.</summary>
internal sealed record TypeReference(SourceFile From, SourceFile To, string TypeName, string Place);
