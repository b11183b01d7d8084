using Spectre.Console.Rendering;

namespace ConsoleDemo;

/// <summary>A line of text that first erases what was drawn at its position, such as a progress bar.</summary>
internal sealed class LogLine(IRenderable text) : Renderable
{
    private const string EraseBelow = "\e[J";

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [.. options.Ansi ? [Segment.Control(EraseBelow)] : Array.Empty<Segment>(), .. text.Render(options, maxWidth), Segment.LineBreak];
}
