namespace RedisInfer.Tests.Support.Documents;

/// <summary>A document that is damaged, or made to harm its reader.</summary>
/// <param name="Name">File name with the extension of its format; says what is wrong.</param>
/// <param name="Bytes">The file.</param>
public sealed record HostileDocument(string Name, byte[] Bytes);
