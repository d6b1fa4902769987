package dev.graft.fetch;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file to be fetched.
 *
 * @param address where it is, http or https
 * @param bytes its size, where that is known beforehand
 * @param checksum its digest, where one is published
 * @param byHand what the user can do instead, added to messages; may be empty
 */
public record Download(URI address, OptionalLong bytes, Optional<Checksum> checksum, String byHand) {

    /** Returns the address as messages may show it: without user and password. */
    public String shown() {
        return shown(address);
    }

    static String shown(URI address) {
        return address.getRawUserInfo() == null
                ? address.toString()
                : address.toString().replace(address.getRawUserInfo() + "@", "");
    }
}
