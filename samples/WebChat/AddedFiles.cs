namespace WebChat;

/// <summary>What became of dropped files.</summary>
internal sealed record AddedFiles(int Added, IReadOnlyList<string> Problems);
