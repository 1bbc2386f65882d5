package io.flocker.core.volume;

/** What a node writes down about its volumes beside their datasets. Any thread. */
public record NodeJournals(
    VolumeRegister register,
    HoldJournal holds,
    ReleaseJournal releases,
    FolderJournal folders,
    ConfirmationJournal confirmations) {}
