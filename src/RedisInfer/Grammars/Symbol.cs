namespace RedisInfer.Grammars;

/// <summary>What an alternative of a rule is made of. Symbols are equal only if they are the same object.</summary>
internal abstract class Symbol;
