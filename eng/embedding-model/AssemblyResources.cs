using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace RedisInfer.EmbeddingModel;

/// <summary>Reads resources of an assembly without loading it.</summary>
internal sealed class AssemblyResources(string path) : IDisposable
{
    private readonly PEReader _assembly = new(File.OpenRead(path));

    /// <summary>Opens the resource whose name ends with this.</summary>
    /// <exception cref="InvalidDataException">There is no such resource, or it is cut off.</exception>
    public Stream Open(string ending)
    {
        MetadataReader metadata = _assembly.GetMetadataReader();
        int start = _assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
        foreach (ManifestResource resource in metadata.ManifestResources.Select(metadata.GetManifestResource))
        {
            if (resource.Implementation.IsNil && metadata.GetString(resource.Name).EndsWith(ending, StringComparison.Ordinal))
            {
                // A resource is its length and its bytes (ECMA-335, II.24.2.4).
                BlobReader reader = _assembly.GetSectionData(start + checked((int)resource.Offset)).GetReader();
                return new MemoryStream(reader.ReadBytes(reader.ReadInt32()), writable: false);
            }
        }

        throw new InvalidDataException($"'{path}' has no resource whose name ends with '{ending}'.");
    }

    public void Dispose() => _assembly.Dispose();
}
