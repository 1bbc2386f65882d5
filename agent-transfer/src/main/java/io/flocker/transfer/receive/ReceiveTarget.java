package io.flocker.transfer.receive;

/**
 * Where an announced stream will land.
 *
 * @param dataset full name
 * @param isNew whether the stream makes the dataset
 */
record ReceiveTarget(String dataset, boolean isNew) {}
