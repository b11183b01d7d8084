using System.Globalization;
using RedisInfer;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>The files of a folder as a tree: what would be indexed as what, and what not.</summary>
internal static class ScanTree
{
    public static void Show(IAnsiConsole console, string folder, IReadOnlyList<ScannedFile> files)
    {
        var root = new Tree(Markup.Escape(Printable.OneLine(folder)));
        var folders = new Dictionary<string, IHasTreeNodes> { [""] = root };
        foreach (ScannedFile file in files)
        {
            string path = file.Path.TrimEnd('/');
            string name = path[(path.LastIndexOf('/') + 1)..] + file.Path[path.Length..];
            FolderOf(path, folders).AddNode(Line(name, file));
        }

        console.Write(root);
        int documents = files.Count(file => file.SkipReason is null);
        int leftOut = files.Count(file => file.IsLeftOut);
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture, $"[grey]{documents:N0} to index, {files.Count - documents - leftOut:N0} skipped, {leftOut:N0} left out[/]");
    }

    private static IHasTreeNodes FolderOf(string path, Dictionary<string, IHasTreeNodes> folders)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash < 0 ? "" : path[..slash];
        if (!folders.TryGetValue(folder, out IHasTreeNodes? node))
        {
            string name = folder[(folder.LastIndexOf('/') + 1)..] + "/";
            node = FolderOf(folder, folders).AddNode(Markup.Escape(Printable.OneLine(name)));
            folders.Add(folder, node);
        }

        return node;
    }

    private static string Line(string name, ScannedFile file)
    {
        string printable = Markup.Escape(Printable.OneLine(name));
        if (file.SkipReason is null)
        {
            string encoding = file.Encoding is null ? "" : $", {file.Encoding}";
            string facts = string.Create(CultureInfo.InvariantCulture, $"{file.MediaType}{encoding}, {file.Bytes:N0} bytes");
            return $"[green]{printable}[/]  [grey]{Markup.Escape(facts)}[/]";
        }

        string color = file.IsLeftOut ? "grey" : "yellow";
        return $"[{color}]{printable}[/]  [grey]{Markup.Escape(Printable.OneLine(file.SkipReason))}[/]";
    }
}
