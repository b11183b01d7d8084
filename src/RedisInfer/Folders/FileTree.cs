using System.Runtime.CompilerServices;
using RedisInfer.Errors;

namespace RedisInfer.Folders;

/// <summary>
/// Reads the text files of a folder and its subfolders, in the ordinal order of their paths. Holds one file in memory at a time.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A file is text in any encoding that <see cref="TextDecoder"/> recognizes, or of a format that has a reader.</item>
/// <item>Any other file is returned with a reason instead of a document. So is a file that is empty, too large, unreadable, or a link out
/// of the folder.</item>
/// <item>Files that <see cref="FileTreeOptions"/> leaves out are not returned.</item>
/// <item>Rules come from <c>.gitignore</c> files in the folder, not above it, and from <c>.git/info/exclude</c>.</item>
/// </list>
/// </remarks>
internal static class FileTree
{
    /// <summary>Reads the folder.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="reader">Reads the files.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="prefix">As from <see cref="PathPrefix"/>; the paths of all entries begin with it.</param>
    /// <param name="cancellationToken">Observed between files and during the read of a file.</param>
    /// <returns>The documents, and the skipped files.</returns>
    /// <exception cref="ArgumentException">The path is empty, or the options are invalid.</exception>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist or is a file. Or, after the last entry: no document
    /// in it was readable.
    /// </exception>
    public static IAsyncEnumerable<DocumentEntry> ReadAsync(
        string folder,
        DocumentFileReader reader,
        FileTreeOptions? options = null,
        string prefix = "",
        CancellationToken cancellationToken = default)
    {
        options = Checked(folder, options);
        return ReadCoreAsync(folder, reader, options, prefix, cancellationToken);
    }

    /// <summary>Lists what <see cref="ReadAsync"/> would read, skip and leave out. Reads the documents, one at a time.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="reader">Reads the files.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Observed between files and during the read of a file.</param>
    /// <returns>The documents, the skipped files, and what is left out; possibly none.</returns>
    /// <exception cref="ArgumentException">The path is empty, or the options are invalid.</exception>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist or is a file.
    /// </exception>
    public static IAsyncEnumerable<DocumentEntry> ListAsync(
        string folder, DocumentFileReader reader, FileTreeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Checked(folder, options);
        return ReadItemsAsync(Walk(folder, options), reader, options, prefix: "", cancellationToken);
    }

    /// <summary>Counts what <see cref="ReadAsync"/> would return, without opening the files.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <returns>Number and size. Files may be added or removed before they are read.</returns>
    /// <exception cref="ArgumentException">The path is empty, or the options are invalid.</exception>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist or is a file.
    /// </exception>
    public static FileTreeScan Scan(string folder, FileTreeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Checked(folder, options);
        int files = 0;
        long bytes = 0;
        foreach (FolderItem item in Walk(folder, options).Where(item => !item.IsLeftOut))
        {
            cancellationToken.ThrowIfCancellationRequested();
            files++;
            bytes += item.Bytes;
        }

        return new FileTreeScan(files, bytes);
    }

    private static async IAsyncEnumerable<DocumentEntry> ReadCoreAsync(
        string folder,
        DocumentFileReader reader,
        FileTreeOptions options,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int documents = 0;
        DocumentEntry? firstSkipped = null;
        IEnumerable<FolderItem> items = Walk(folder, options).Where(item => !item.IsLeftOut);
        await foreach (DocumentEntry entry in ReadItemsAsync(items, reader, options, prefix, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Document is null)
                firstSkipped ??= entry;
            else
                documents++;
            yield return entry;
        }

        if (documents == 0)
            throw NothingToRead(folder, firstSkipped);
    }

    private static async IAsyncEnumerable<DocumentEntry> ReadItemsAsync(
        IEnumerable<FolderItem> items,
        DocumentFileReader reader,
        FileTreeOptions options,
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (FolderItem item in items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = prefix + item.Path;
            DocumentContent content = item.SkipReason is null
                ? await reader.ReadAsync(item.FullPath, path, options.MaxFileBytes, cancellationToken).ConfigureAwait(false)
                : DocumentContent.Skipped(item.SkipReason);
            RagDocument? document = content.Text is null ? null : new RagDocument(path, content.Text)
            {
                Title = content.Title,
                MediaType = content.MediaType,
                Encoding = content.Encoding,
                Blocks = content.Blocks,
            };
            yield return new DocumentEntry(path, document, content.SkipReason, item.Bytes)
            {
                IsUnreadable = item.IsUnreadable || content.IsUnreadable,
                IsLeftOut = item.IsLeftOut,
            };
        }
    }

    private static FileTreeOptions Checked(string folder, FileTreeOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new FileTreeOptions();
        string problems = string.Join(" ", options.Validate());
        return problems.Length == 0 ? options : throw new ArgumentException(problems, nameof(options));
    }

    private static IEnumerable<FolderItem> Walk(string folder, FileTreeOptions options) =>
        new FolderWalker(ExistingFolder(folder), options).Walk();

    private static string ExistingFolder(string folder)
    {
        if (Directory.Exists(folder))
            return Path.GetFullPath(folder);
        string problem = File.Exists(folder)
            ? $"'{folder}' is a file. Use the folder that contains it."
            : $"The folder '{folder}' does not exist (looked at '{Path.GetFullPath(folder)}'). Check the path.";
        throw new RedisInferException(RedisInferErrorCode.DocumentNotReadable, problem);
    }

    private static RedisInferException NothingToRead(string folder, DocumentEntry? skipped)
    {
        string found = skipped is null
            ? "It contains no files, apart from files that are hidden or ignored by its .gitignore rules"
            : $"All its files were skipped. The first is '{skipped.Path}': {skipped.SkipReason!.TrimEnd('.')}";
        return new RedisInferException(
            RedisInferErrorCode.DocumentNotReadable,
            $"There is no readable document in the folder '{folder}'. {found}. Use a folder with text files.");
    }
}
