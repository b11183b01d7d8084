using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace RedisInfer.KvBlocks;

/// <summary>
/// Everything that a stored KV state depends on besides its tokens. The keys that name and seal blocks are derived from it. A block of
/// another identity is never found, and its seal would not be accepted. Immutable, so thread-safe.
/// </summary>
internal sealed class KvIdentity
{
    private const int KeyBytes = 32;

    private readonly byte[] _chainKey;
    private readonly byte[] _branchKey;
    private readonly byte[] _sealKey;
    private readonly KvBlockKey _root;

    /// <summary>Derives the keys.</summary>
    /// <param name="secret">
    /// The host's key. Without one, anyone with write access to the server can forge states, and anyone who may list its keys can test
    /// whether a guessed text is stored.
    /// </param>
    /// <param name="stateFingerprint"><see cref="Inference.IInferenceModel.GetStateFingerprint"/>.</param>
    /// <param name="tenant">Tenants share no blocks; may be empty.</param>
    public KvIdentity(ReadOnlySpan<byte> secret, string stateFingerprint, string tenant)
    {
        byte[] master = HMACSHA256.HashData(secret, Join("RedisInfer KV 1", stateFingerprint, tenant));
        _chainKey = HMACSHA256.HashData(master, "chain"u8);
        _branchKey = HMACSHA256.HashData(master, "branch"u8);
        _sealKey = HMACSHA256.HashData(master, "seal"u8);
        Fingerprint = First128(SHA256.HashData(Join(stateFingerprint)));
        _root = new KvBlockKey(First128(HMACSHA256.HashData(master, "root"u8)));
    }

    /// <summary>Identifies model and settings in the header of a stored block.</summary>
    public UInt128 Fingerprint { get; }

    /// <summary>The parent of a prompt's first block.</summary>
    public KvBlockKey Root => _root;

    /// <summary>Names the block of tokens that follows another block.</summary>
    /// <param name="parent">The block before it; <see cref="Root"/> for the first.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <returns>The key.</returns>
    public KvBlockKey Next(KvBlockKey parent, ReadOnlySpan<int> tokens)
    {
        Span<byte> parentBytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(parentBytes, parent.Value);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _chainKey);
        hash.AppendData(parentBytes);
        hash.AppendData(MemoryMarshal.AsBytes(tokens));
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new KvBlockKey(First128(digest));
    }

    /// <summary>The parent of blocks that follow another and hold states of another kind.</summary>
    /// <param name="parent">The block before; <see cref="Root"/> if there is none.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>The parent. It is not the key of any block.</returns>
    public KvBlockKey Branch(KvBlockKey parent, string kind)
    {
        byte[] bytes = new byte[16 + Encoding.UTF8.GetByteCount(kind)];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, parent.Value);
        Encoding.UTF8.GetBytes(kind, bytes.AsSpan(16));
        return new KvBlockKey(First128(HMACSHA256.HashData(_branchKey, bytes)));
    }

    /// <summary>Names something else than a state that belongs to this identity.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="content">What it depends on.</param>
    /// <returns>A name that is not the key of any block.</returns>
    public KvBlockKey Name(string kind, ReadOnlySpan<byte> content) =>
        new(First128(HMACSHA256.HashData(HMACSHA256.HashData(_branchKey, Join("name", kind)), content)));

    /// <summary>
    /// Creates the cipher that seals one block. Each block has a separate key, so a nonce that repeats between blocks is harmless.
    /// </summary>
    /// <param name="block">The block's key.</param>
    /// <returns>The cipher; the caller disposes of it.</returns>
    public AesGcm CreateSeal(KvBlockKey block)
    {
        Span<byte> name = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(name, block.Value);
        Span<byte> key = stackalloc byte[KeyBytes];
        HMACSHA256.HashData(_sealKey, name, key);
        return new AesGcm(key, KvEnvelope.TagBytes);
    }

    // Each part follows its length, so that no two lists of parts give the same bytes.
    private static byte[] Join(params ReadOnlySpan<string> parts)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        foreach (string part in parts)
        {
            writer.Write(part);
        }

        writer.Flush();
        return bytes.ToArray();
    }

    private static UInt128 First128(ReadOnlySpan<byte> digest) => BinaryPrimitives.ReadUInt128LittleEndian(digest);
}
