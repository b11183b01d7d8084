namespace WebChat;

/// <summary>What the page shows about the documents.</summary>
/// <param name="Folder">Name of the folder.</param>
/// <param name="Model">File name of the model that answers.</param>
/// <param name="Documents">Number of documents.</param>
/// <param name="Chunks">Number of chunks.</param>
/// <param name="Indexing">How far the indexing is; <see langword="null"/>: everything is indexed.</param>
/// <param name="LeftOut">Files that are not searched.</param>
/// <param name="Problem">What is wrong; <see langword="null"/>: nothing.</param>
internal sealed record LibraryStatus(
    string Folder, string Model, long Documents, long Chunks, IndexingState? Indexing, IReadOnlyList<LeftOutFile> LeftOut, string? Problem);
