/** Tests of the adapters to AWS, against DynamoDB Local. */
@NullMarked
package mailfrom.aws;

import org.jspecify.annotations.NullMarked;
