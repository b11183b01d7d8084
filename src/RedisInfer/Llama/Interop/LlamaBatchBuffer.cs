using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// The columns of a <c>llama_batch</c> that have no managed counterpart: for each row, a pointer to its one sequence id. Allocated once
/// per context, so that a decode allocates nothing.
/// </summary>
internal sealed unsafe class LlamaBatchBuffer : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly int _capacity;

    /// <summary>Allocates room for a number of rows.</summary>
    internal LlamaBatchBuffer(int capacity)
        : base(ownsHandle: true)
    {
        _capacity = capacity;
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)capacity, (nuint)(sizeof(int*) + 2 * sizeof(int) + sizeof(sbyte))));
        for (int row = 0; row < capacity; row++)
        {
            Pointers[row] = Sequences + row;
            Counts[row] = 1;
            AllOutputs[row] = 1;
        }
    }

    /// <summary>Sequence id of each row. Must be written before a decode.</summary>
    internal int* Sequences => (int*)(Pointers + _capacity);

    private int** Pointers => (int**)handle;

    private int* Counts => Sequences + _capacity;

    private sbyte* AllOutputs => (sbyte*)(Counts + _capacity);

    /// <summary>Keeps the memory allocated while a pointer into it is in use.</summary>
    internal HandleUse Use() => new(this);

    /// <summary>
    /// Builds the C struct over these columns and the caller's. The caller's columns must stay in place until the struct has been used.
    /// </summary>
    /// <param name="count">Rows.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="positions">Positions.</param>
    /// <param name="outputs">1 for each row that asks for output; <see langword="null"/> if all rows do.</param>
    internal llama_batch ToBatch(int count, int* tokens, int* positions, sbyte* outputs) => new()
    {
        n_tokens = count,
        token = tokens,
        pos = positions,
        n_seq_id = Counts,
        seq_id = Pointers,
        logits = outputs != null ? outputs : AllOutputs,
    };

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
